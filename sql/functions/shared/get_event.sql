CREATE OR REPLACE FUNCTION public.get_event(p_event_id bigint) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_event json;
BEGIN
    SELECT json_strip_nulls(to_json(e)) INTO v_event FROM public.current_events AS e WHERE e.id = p_event_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    RETURN v_event;
END
$$;

COMMENT ON FUNCTION public.get_event IS
    'An event as it counts now: a row of current_events, with canceled_at where it was canceled. Times carry the offset of the session''s time zone. Raises EB001 event_not_found.';
