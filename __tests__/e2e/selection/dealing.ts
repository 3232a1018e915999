/** Selections for all files of a fixture. */
import type { FileSelection, HashedSelection } from '../../../src/select/file-selection';
import type { Dealt, Run } from './selection-run';

type Deal = (project: string, file: string, names: readonly string[], index: number) => FileSelection;

function deal(plain: Run, selectionOf: Deal): Dealt {
  return Object.fromEntries(
    plain.files.map(({ project, file, results }, index) => {
      const names = [...new Set(results.map(({ fullName }) => fullName))];
      return [`${project}:${file}`, selectionOf(project, file, names, index)];
    }),
  );
}

/** Units hashed onto the ring. */
export function dealByHash(plain: Run, mode: HashedSelection['mode'], node: number, nodes: number): Dealt {
  return deal(plain, (project, path) => ({ mode, file: { project: project || null, path }, nodes, node }));
}

/**
 * Tests given by name in turn, as a plan would, except every fourth: as if it were new since the plan. The keeper is
 * another node for every file.
 */
export function dealByName(plain: Run, node: number, nodes: number): Dealt {
  return deal(plain, (project, path, names, index) => {
    const planned = names.filter((_, at) => at % 4 !== 3);
    const isMine = (_: string, at: number): boolean => at % nodes === node - 1;
    return {
      mode: 'named',
      file: { project: project || null, path },
      unit: 'test',
      mine: planned.filter(isMine),
      elsewhere: planned.filter((name, at) => !isMine(name, at)),
      fallback: index % nodes === node - 1,
    };
  });
}

export type Mode = FileSelection['mode'];

export function dealFor(mode: Mode, plain: Run, node: number, nodes: number): Dealt {
  return mode === 'named' ? dealByName(plain, node, nodes) : dealByHash(plain, mode, node, nodes);
}
