CREATE OR REPLACE FUNCTION public.queue_account_mail(p_user_id bigint, p_kind text, p_nonce text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_now timestamptz := public.clock();
BEGIN
    INSERT INTO public.outbox (user_id, kind, link_nonce, channel, due_at, not_before, created_at)
    SELECT p_user_id, p_kind, p_nonce, 'mail', v_now, v_now, v_now
    FROM public.mail AS m WHERE m.enabled;
    RETURN FOUND;
END
$$;

COMMENT ON FUNCTION public.queue_account_mail IS
    'Queues a mail of this kind to a user, with the link whose row holds p_nonce; false, and nothing queued, where there is no mail.';
