CREATE OR REPLACE FUNCTION public.get_event(p_event_id bigint, p_published_only boolean DEFAULT false) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_event json;
BEGIN
    SELECT to_json(e) INTO v_event FROM public.event_answers AS e
    WHERE e.id = p_event_id AND (e.published OR NOT p_published_only);
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    RETURN v_event;
END
$$;

COMMENT ON FUNCTION public.get_event IS
    'An event as it counts now: a row of event_answers. With p_published_only, one that is not published is not found. Raises EB001 event_not_found.';
