CREATE OR REPLACE FUNCTION public.unsubscribe_from_mail(p_user_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    UPDATE public.users SET notify_by = 'telegram' WHERE id = p_user_id AND notify_by <> 'telegram';
    DELETE FROM public.outbox WHERE user_id = p_user_id AND channel = 'mail' AND state = 'waiting' AND link_nonce IS NULL;
END
$$;

COMMENT ON FUNCTION public.unsubscribe_from_mail IS
    'The user gets no mails about bookings any more, what waits included; twice is no error, nor is a user who is not there.';
