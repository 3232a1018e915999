import { AS_OWNER } from './as-owner';

/** Keeps what the blobs of all nodes say alike; once, however many bring it. */
export const keepInputsFunction = (schema: string): string => `
CREATE OR REPLACE FUNCTION ${schema}.keep_inputs(p_run bigint, p_digest text, p_data text)
RETURNS void LANGUAGE sql ${AS_OWNER} AS $body$
INSERT INTO ${schema}.blob_inputs (run_id, digest, data) VALUES (p_run, p_digest, decode(p_data, 'base64'))
  ON CONFLICT (run_id, digest) DO NOTHING;
$body$;
`;
