CREATE OR REPLACE FUNCTION public.pause_telegram(p_pause interval) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    UPDATE public.telegram_bot SET quiet_until = greatest(quiet_until, public.clock() + p_pause)
$$;

COMMENT ON FUNCTION public.pause_telegram IS
    'Lets no notifier claim anything for p_pause: Telegram wants nothing from the whole bot.';
