/** Lines that a CI takes for commands. Imports nothing: the report page uses it too. */

// As GitHub's runner reads a line: blanks, `::`, a command that it knows, and a second `::`.
const GITHUB_COMMAND =
  /^(\s*):(:(?:error|warning|notice|debug|group|endgroup|add-mask|add-path|set-env|set-output|save-state|stop-commands|echo|add-matcher|remove-matcher|internal-set-repo-path)\b[^\n]*::)/gim;
// GitHub's older form and Azure Pipelines' (`##vso[`), which hold anywhere in a line, and TeamCity's.
const HASH_COMMAND = /#(?=#(?:vso|teamcity)?\[)/gi;

/** A line that a CI would take for a command, as text: `: :error::`, `# #vso[`. */
export function withoutCommands(text: string): string {
  return text.includes('::') || text.includes('##')
    ? text.replace(GITHUB_COMMAND, '$1: $2').replace(HASH_COMMAND, '# ')
    : text;
}
