CREATE OR REPLACE FUNCTION public.disable_telegram() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- A booking that checked `enabled` before this may still queue a message; the next start deletes it.
BEGIN
    UPDATE public.telegram_bot SET enabled = false WHERE enabled;
    DELETE FROM public.outbox WHERE state = 'waiting' AND channel = 'telegram';
END
$$;

COMMENT ON FUNCTION public.disable_telegram IS 'There is no bot: nothing is queued from now on, and what waited is deleted.';
