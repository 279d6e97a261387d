CREATE OR REPLACE FUNCTION public.save_idempotency_response(p_scope text, p_key text, p_request_hash bytea, p_answer json) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- What stands there already has expired and was not pruned yet; claim_idempotency_key would have answered anything else.
    INSERT INTO public.idempotency_keys (scope, key_hash, request_hash, answer, expires_at)
    VALUES (p_scope, sha256(convert_to(p_key, 'UTF8')), p_request_hash, p_answer, public.clock() + interval '24 hours')
    ON CONFLICT (scope, key_hash) DO UPDATE
    SET request_hash = excluded.request_hash, answer = excluded.answer, expires_at = excluded.expires_at
$$;

COMMENT ON FUNCTION public.save_idempotency_response IS
    'Keeps for 24 hours what a request was answered; in the transaction that claimed its Idempotency-Key and made the change.';
