CREATE OR REPLACE FUNCTION public.wrong_event(p_event_id bigint) RETURNS public.refusal
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$
    SELECT public.refuse(
        'EB217',
        format(
            'The ticket is for event %s: %s, on %s (%s).',
            e.id, e.name, to_char(e.date AT TIME ZONE e.timezone, 'YYYY-MM-DD HH24:MI'), e.timezone
        ),
        json_build_object(
            'event_id', e.id,
            'event_name', e.name,
            'event_date', public.time_in_zone(e.date, e.timezone),
            'event_timezone', e.timezone
        )
    )
    FROM public.events AS e
    WHERE e.id = p_event_id
$$;

COMMENT ON FUNCTION public.wrong_event IS
    'EB217 wrong_event, always, with the event that it is for: for a caller at a door that was shown another event''s ticket.';
