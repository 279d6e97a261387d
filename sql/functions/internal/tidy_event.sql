CREATE OR REPLACE FUNCTION public.tidy_event(p_event public.events) RETURNS public.events
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    p_event.name := btrim(p_event.name);
    p_event.description := nullif(btrim(p_event.description, E' \t\r\n'), '');
    p_event.place := nullif(btrim(p_event.place), '');
    p_event.timezone := coalesce(p_event.timezone, public.session_timezone());
    RETURN p_event;
END
$$;

COMMENT ON FUNCTION public.tidy_event IS
    'An event as organisers wrote it, without spaces around its texts, NULL for an empty one, and with the session''s zone if it names none.';
