CREATE OR REPLACE FUNCTION public.is_listed(
    p_event public.events,
    p_from timestamptz,
    p_before timestamptz,
    p_query text,
    p_published_only boolean,
    p_free boolean,
    p_now timestamptz
) RETURNS boolean
LANGUAGE sql STABLE AS
$$
    SELECT p_event.canceled_at IS NULL
        AND (p_event.published OR NOT p_published_only)
        AND (p_from IS NULL OR p_event.date >= p_from)
        AND (p_before IS NULL OR p_event.date < p_before)
        AND (p_query IS NULL OR strpos(lower(p_event.name), lower(p_query)) > 0)
        AND (p_free IS NULL OR p_free = (
            (p_event.closes_at IS NULL OR p_event.closes_at > p_now)
            AND p_event.waiting = 0
            AND (p_event.available_seats > 0 OR public.has_lapsed_holds(p_event.id, p_now))
        ))
$$;

COMMENT ON FUNCTION public.is_listed IS
    'Whether the event is one of those that list_events was asked for, over or not. PostgreSQL puts its body in place of the call.';
