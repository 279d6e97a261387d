CREATE OR REPLACE FUNCTION public.create_account_link(p_user_id bigint, p_purpose text, p_nonce text, p_token text)
RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_now timestamptz := public.clock();
BEGIN
    DELETE FROM public.account_links AS old WHERE old.token_hash IN (
        SELECT l.token_hash FROM public.account_links AS l WHERE l.expires_at <= v_now FOR UPDATE SKIP LOCKED
    );
    INSERT INTO public.account_links (token_hash, nonce, purpose, user_id, created_at, expires_at)
    VALUES (sha256(convert_to(p_token, 'UTF8')), p_nonce, p_purpose, p_user_id, v_now, v_now + interval '15 minutes');
    RETURN v_now + interval '15 minutes';
END
$$;

COMMENT ON FUNCTION public.create_account_link IS
    'Makes a link for p_purpose (password_reset or email_proof) that p_token opens once; returns when it ends. p_token is derived from p_nonce, which is kept; p_user_id NULL: a link for nobody.';
