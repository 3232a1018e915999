/** Written by scripts/build-report-ui.mjs when the package is built: there is no source of it. */

/** The page's program, ready for a script element. */
export declare const script: string;
/** The page's style sheet, ready for a style element. */
export declare const styles: string;
