CREATE OR REPLACE FUNCTION public.enable_mail(p_reminder double precision DEFAULT 0.5) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    UPDATE public.mail SET enabled = true, reminder = p_reminder
    WHERE NOT enabled OR reminder <> p_reminder
$$;

COMMENT ON FUNCTION public.enable_mail IS
    'There is a mail server: mails are queued from now on, a reminder when p_reminder of a hold''s life is left (0: none).';
