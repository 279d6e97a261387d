CREATE OR REPLACE FUNCTION public.claim_idempotency_key(p_scope text, p_key text, p_request_hash bytea) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- The advisory lock is only tried, never waited for: a repeated request is told at once that the first is still at
-- work, and no deadlock can come of it. It ends with the transaction, so a crash leaves no key stuck. Whoever has it
-- sees what its last holder kept, because a commit is visible before its locks are released.
DECLARE
    v_kept public.idempotency_keys;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended(p_scope || ' ' || p_key, 0)) THEN
        RAISE EXCEPTION USING ERRCODE = 'EB303',
            MESSAGE = 'A request with this Idempotency-Key is still being answered.',
            HINT = 'Send it again in a moment to get that answer.';
    END IF;

    SELECT * INTO v_kept FROM public.idempotency_keys
    WHERE scope = p_scope AND key_hash = sha256(convert_to(p_key, 'UTF8')) AND expires_at > public.clock();

    IF v_kept.request_hash <> p_request_hash THEN
        RAISE EXCEPTION USING ERRCODE = 'EB302',
            MESSAGE = 'This Idempotency-Key was used for another request.',
            HINT = 'Take a new key for each new request.';
    END IF;
    RETURN v_kept.answer;
END
$$;

COMMENT ON FUNCTION public.claim_idempotency_key IS
    'The answer kept under this key; NULL: there is none, and the key is this transaction''s to change something and call save_idempotency_response. Raises EB302 idempotency_key_reused, EB303 idempotency_key_in_flight.';
