CREATE OR REPLACE FUNCTION public.insert_event(p_event public.events) RETURNS public.events
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    PERFORM public.raise_refusal(public.validate_event(p_event));
    RETURN public.add_event(p_event);
END
$$;

COMMENT ON FUNCTION public.insert_event IS
    'Adds an event with what an organiser says of it and all its seats free. Raises EB101 invalid_event.';
