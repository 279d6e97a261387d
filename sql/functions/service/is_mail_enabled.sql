CREATE OR REPLACE FUNCTION public.is_mail_enabled() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT enabled FROM public.mail
$$;

COMMENT ON FUNCTION public.is_mail_enabled IS 'Whether links can be mailed.';
