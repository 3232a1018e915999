import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { campaignPipeline, isCampaignPipeline, pipelineName } from '../../src/queue/pipeline';

describe('the name of a suite', () => {
  test('is that of the package, with the label behind it', () => {
    expect(pipelineName({ packageName: '@shop/web' })).toBe('@shop/web');
    expect(pipelineName({ packageName: '@shop/web', label: 'unit' })).toBe('@shop/web (unit)');
    expect(pipelineName({ packageName: null })).toBe('default');
    expect(pipelineName({ packageName: null, label: 'unit' })).toBe('default (unit)');
  });

  test('tells any two packages and labels apart', () => {
    const name = fc.option(fc.stringMatching(/^(@[a-z~-][a-z0-9._~-]*\/)?[a-z~-][a-z0-9._~-]*$/));
    const label = fc.option(fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(name, label, name, label, (nameA, labelA, nameB, labelB) => {
        const isSame = (nameA ?? 'default') === (nameB ?? 'default') && labelA === labelB;
        const a = pipelineName({ packageName: nameA, label: labelA });
        const b = pipelineName({ packageName: nameB, label: labelB });
        expect(a === b).toBe(isSame);
        expect([a, b].some(isCampaignPipeline)).toBe(false);
        expect(isCampaignPipeline(campaignPipeline(a))).toBe(true);
      }),
    );
  });
});
