import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listScheduleMakespan } from '../../../src/plan/makespan';
import {
  type Aim,
  type Exchange,
  exchangeLoad,
  exchangeTime,
  firstAtLeast,
  type Side,
} from '../../../src/plan/strategies/find-exchange';

const ascending = (values: number[]) => [...values].sort((one, other) => one - other);
const sideOf = (values: number[], workers: number): Side => {
  const estimates = ascending(values);
  return { estimates, time: listScheduleMakespan([...estimates].reverse(), workers) };
};
const lists = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 9 });

/** Times of both sides after an exchange. */
function carriedOut(giver: Side, taker: Side, { given, taken }: Exchange, workers: number): [number, number] {
  const item = giver.estimates[given] as number;
  const back = taken === -1 ? [] : [taker.estimates[taken] as number];
  const own = giver.estimates.filter((_, at) => at !== given).concat(back);
  const other = taker.estimates.filter((_, at) => at !== taken).concat(item);
  return [sideOf(own, workers).time, sideOf(other, workers).time];
}

function everyExchange(giver: Side, taker: Side): Exchange[] {
  return giver.estimates.flatMap((_, given) => [-1, ...taker.estimates.keys()].map((taken) => ({ given, taken })));
}

const workersOf = { exchangeLoad: 1, exchangeTime: 3 };

describe.each(['exchangeLoad', 'exchangeTime'] as const)('%s', (name) => {
  const workers = workersOf[name];
  const find = (giver: Side, taker: Side, target: number, aim: Exclude<Aim, 'unload'>) =>
    name === 'exchangeLoad'
      ? exchangeLoad(giver, taker, target, aim, { steps: 0 })
      : exchangeTime(giver, taker, target, aim, { steps: 0 }, workers);

  test.each(['move', 'swap'] as const)('finds a %s under the target exactly where there is one', (aim) => {
    fc.assert(
      fc.property(lists, lists, fc.integer({ min: 1, max: 100 }), (own, other, target) => {
        const giver = sideOf(own, workers);
        const taker = sideOf(other, workers);
        fc.pre(giver.time > target);
        const fits = (exchange: Exchange) =>
          carriedOut(giver, taker, exchange, workers).every((time) => time <= target);
        const possible = everyExchange(giver, taker).some(
          (exchange) =>
            (aim === 'move') === (exchange.taken === -1) &&
            (exchange.taken === -1 ||
              (giver.estimates[exchange.given] ?? 0) > (taker.estimates[exchange.taken] ?? 0)) &&
            fits(exchange),
        );
        const found = find(giver, taker, target, aim);
        expect(found !== undefined).toBe(possible);
        if (found !== undefined) expect(fits(found)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('improves wherever something can be improved, and as much as can be', () => {
    fc.assert(
      fc.property(lists, lists, (own, other) => {
        const giver = sideOf(own, workers);
        const taker = sideOf(other, workers);
        fc.pre(giver.time > taker.time);
        const longest = (exchange: Exchange) => Math.max(...carriedOut(giver, taker, exchange, workers));
        const shorter = everyExchange(giver, taker).filter(
          ({ given, taken }) => taken === -1 || (giver.estimates[given] ?? 0) > (taker.estimates[taken] ?? 0),
        );
        const best = Math.min(giver.time, ...shorter.map(longest));
        const found = find(giver, taker, 0, 'improve');
        expect(found === undefined ? giver.time : longest(found)).toBe(best);
      }),
      { numRuns: 500 },
    );
  });

  test('counts what it does', () => {
    const effort = { steps: 0 };
    const giver = sideOf([5, 4, 3], workers);
    if (name === 'exchangeLoad') exchangeLoad(giver, sideOf([1], workers), 7, 'swap', effort);
    else exchangeTime(giver, sideOf([1], workers), 1, 'improve', effort, workers);
    expect(effort.steps).toBeGreaterThan(0);
  });
});

test('shedding gives the longest item that keeps the taker under the target', () => {
  fc.assert(
    fc.property(lists, lists, fc.integer({ min: 1, max: 60 }), (own, other, target) => {
      const giver = sideOf(own, 3);
      const taker = sideOf(other, 3);
      const fits = (given: number) => (carriedOut(giver, taker, { given, taken: -1 }, 3)[1] as number) <= target;
      const given = [...giver.estimates.keys()].findLast(fits);
      expect(exchangeTime(giver, taker, target, 'unload', { steps: 0 }, 3)).toEqual(
        given === undefined ? undefined : { given, taken: -1 },
      );
    }),
  );
});

test('firstAtLeast finds the first place that is large enough', () => {
  fc.assert(
    fc.property(lists, fc.integer({ min: 0, max: 31 }), (values, value) => {
      const list = ascending(values);
      const place = list.findIndex((one) => one >= value);
      expect(firstAtLeast(list, value)).toBe(place === -1 ? list.length : place);
    }),
  );
});
