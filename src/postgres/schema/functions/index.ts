/** All functions of the current version. They hold no data, so every migration makes them anew. */
import { claimFunction } from './claim';
import { deleteLinesFunction } from './delete-lines';
import { fillFunction } from './fill';
import { finishFunction } from './finish';
import { joinRunFunction } from './join-run';
import { keepInputsFunction } from './keep-inputs';
import { reopenFunction } from './reopen';
import { fixtureFunctions } from './run-fixtures';
import { settleFunction } from './settle';
import { sweepFunction } from './sweep';

/** How long the lines of blobs are kept. GitHub and GitLab run a job again for longer, but seldom after a week. */
const DAYS_KEPT = 7;

export const allFunctions = (schema: string): readonly string[] => [
  fillFunction(schema),
  claimFunction(schema),
  settleFunction(schema),
  sweepFunction(schema),
  deleteLinesFunction(schema),
  finishFunction(schema, DAYS_KEPT),
  keepInputsFunction(schema),
  reopenFunction(schema),
  joinRunFunction(schema),
  ...fixtureFunctions(schema),
];
