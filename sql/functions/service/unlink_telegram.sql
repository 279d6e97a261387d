CREATE OR REPLACE FUNCTION public.unlink_telegram(p_user_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    UPDATE public.users SET telegram_id = NULL, telegram_broken_at = NULL, telegram_error = NULL WHERE id = p_user_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    PERFORM public.pass_on_to_mail(p_user_id);
    DELETE FROM public.outbox WHERE user_id = p_user_id AND channel = 'telegram' AND state = 'waiting';
END
$$;

COMMENT ON FUNCTION public.unlink_telegram IS
    'The user is told nothing in Telegram any more, what waits included; by mail instead, if that is switched on. Twice is no error. Raises EB003 user_not_found.';
