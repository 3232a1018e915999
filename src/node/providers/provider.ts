/** How a site that shows repositories writes its addresses. */
export type ForgeStyle = 'github' | 'gitlab' | 'bitbucket' | 'azure' | 'gitea';

/** What we know of a CI provider: facts only, so that a new provider is a new file of facts. */
export interface Provider {
  /** As people call it. */
  readonly name: string;
  /** The variable that is set and not empty in every job of this provider, and nowhere else. */
  readonly detectVariable: string;
  /** How a job learns its place among its parallel copies; null where the provider has no variables for it. */
  readonly node: {
    readonly positionVariable: string;
    /** What the first job's position is. */
    readonly base: 0 | 1;
    readonly totalVariable: string;
    /**
     * True where these variables can only mean copies of one job that share its work, so that they may be used without
     * being asked for. False where variants of a job (operating systems, versions) get them too: splitting a suite over
     * those would silently lose tests.
     */
    readonly impliesSharding: boolean;
    /** False where another provider listed here has variables of the same names. */
    readonly uniqueNames: boolean;
  } | null;
  /** Value of `detectVariable`, where other providers set that variable too. */
  readonly detectValue?: string;
  /**
   * What is equal on all jobs of one run and different between runs: variables, joined where one alone would not do. The
   * first entry whose variables are all set counts. Empty where there is none.
   */
  readonly runIdVariables: readonly (readonly string[])[];
  /** Where this variable is set, the run consists of several builds, and those above are each build's own. */
  readonly severalBuildsVariable?: string;
  /** Counts how often the run, or this job of it, was started; null where there is none. */
  readonly attempt: { readonly variable: string; readonly base: 0 | 1 } | null;
  readonly jobIdVariable: string | null;
  /** Names the address of the run's page, where a job has it. */
  readonly runPageVariable?: string;
  /** How that address is made of the run's id, where it is enough. */
  readonly runPage?: {
    /** What such an id looks like. */
    readonly id: RegExp;
    /** Where the repository lies that has such pages; absent: wherever it lies. */
    readonly forge?: ForgeStyle;
    /** From the page of the repository, or from nothing where it is none of its pages. */
    readonly address: (id: string, repository: string) => string;
  };
  /**
   * Name of the job that a re-run keeps, where a re-run gets a new and greater job id and nothing counts attempts.
   */
  readonly jobNameVariable?: string;
  /** How the number of nodes and a node's index are set by hand where there are no variables for them. */
  readonly byHand?: {
    /** Where this is written: `in the workflow`. */
    readonly where: string;
    readonly nodes: string;
    readonly nodeIndex: string;
  };
  /** Names a file to touch as a sign that the shares were understood. */
  readonly statusFileVariable?: string;
}
