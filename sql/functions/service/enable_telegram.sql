CREATE OR REPLACE FUNCTION public.enable_telegram(p_reminder double precision DEFAULT 0.5) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    UPDATE public.telegram_bot SET enabled = true, reminder = p_reminder
    WHERE NOT enabled OR reminder <> p_reminder
$$;

COMMENT ON FUNCTION public.enable_telegram IS
    'There is a bot: messages are queued from now on, a reminder when p_reminder of a hold''s life is left (0: none).';
