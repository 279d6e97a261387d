CREATE OR REPLACE FUNCTION public.disable_mail() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- A booking that checked `enabled` before this may still queue a mail; the next start deletes it.
BEGIN
    UPDATE public.mail SET enabled = false WHERE enabled;
    DELETE FROM public.outbox WHERE state = 'waiting' AND channel = 'mail';
END
$$;

COMMENT ON FUNCTION public.disable_mail IS 'There is no mail server: no mail is queued from now on, and what waited is deleted.';
