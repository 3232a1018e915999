/** Written by scripts/build-report-ui.mjs when the package is built: there is no source of it. */

/** The dashboard's program. */
export declare const script: string;
/** Its style sheet. */
export declare const styles: string;
