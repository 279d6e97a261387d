CREATE OR REPLACE FUNCTION public.event_json(p_event public.events) RETURNS json
LANGUAGE sql VOLATILE AS
$$
    SELECT json_strip_nulls(to_json(c)) FROM public.current_events AS c WHERE c.id = p_event.id
$$;

COMMENT ON FUNCTION public.event_json(public.events) IS
    'An event as the API answers it: a row of current_events, with canceled_at where it was canceled. Times carry the offset of the session''s time zone.';
