CREATE OR REPLACE FUNCTION public.refuse_event(p_event_id bigint) RETURNS public.refusal
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF EXISTS (SELECT FROM public.events WHERE id = p_event_id) THEN
        RETURN NULL;
    END IF;
    RETURN public.refuse('EB001', format('There is no event %s.', p_event_id));
END
$$;

COMMENT ON FUNCTION public.refuse_event(bigint) IS 'EB001 event_not_found, or NULL if there is such an event.';
