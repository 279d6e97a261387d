CREATE OR REPLACE FUNCTION public.invalid_timezone() RETURNS public.refusal
LANGUAGE sql STABLE AS
$$
    SELECT public.invalid_field('EB101', 'event', 'timezone', 'must be the IANA name of a time zone, such as Europe/Berlin')
$$;

COMMENT ON FUNCTION public.invalid_timezone IS 'EB101 invalid_event for an event whose time zone is none.';
