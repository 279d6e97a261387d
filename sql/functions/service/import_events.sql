CREATE OR REPLACE FUNCTION public.import_events(p_lines jsonb, p_dry_run boolean DEFAULT false) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Each event by the rules of create_event, with every line looked at before anything is created. Zones are looked up once
-- for all lines, as each look takes 10 ms; validate_event is asked about the rest.
DECLARE
    v_zones text[] := ARRAY['UTC', public.session_timezone()] || public.known_timezones(ARRAY(
        SELECT DISTINCT line -> 'event' ->> 'timezone' FROM jsonb_array_elements(p_lines) AS line
    ));
    v_line jsonb;
    v_fields jsonb;
    v_event public.events;
    v_checked public.events;
    v_refusal public.refusal;
    v_errors jsonb;
    v_all_errors jsonb := jsonb_build_array();
    v_events public.events[];
    v_report json[];
BEGIN
    FOR v_line IN SELECT value FROM jsonb_array_elements(p_lines) LOOP
        v_fields := v_line -> 'event';
        v_errors := coalesce(v_line -> 'errors', '[]');
        v_event := NULL;
        IF v_errors = '[]' THEN
            v_event := public.tidy_event(jsonb_populate_record(
                NULL::public.events,
                v_fields - ARRAY['date', 'opens_at', 'closes_at'] || jsonb_build_object('booking_ttl', v_fields -> 'booking_ttl_minutes')
            ));
            IF v_event.timezone = ANY (v_zones) THEN
                v_event.date := public.moment_in_zone(v_fields ->> 'date', v_event.timezone);
                v_event.opens_at := public.moment_in_zone(v_fields ->> 'opens_at', v_event.timezone);
                v_event.closes_at := public.moment_in_zone(v_fields ->> 'closes_at', v_event.timezone);
                v_checked := v_event;
                v_checked.timezone := 'UTC';
                v_refusal := public.validate_event(v_checked);
            ELSE
                v_refusal := public.invalid_timezone();
            END IF;
            v_errors := coalesce(v_refusal.detail::jsonb -> 'errors', '[]');
        END IF;

        v_all_errors := v_all_errors || coalesce(
            (SELECT jsonb_agg(jsonb_build_object('line', v_line -> 'line') || error) FROM jsonb_array_elements(v_errors) AS error),
            '[]'
        );
        v_events := v_events || v_event;
        v_report := v_report || json_build_object(
            'line', v_line -> 'line',
            'errors', v_errors,
            'event', CASE WHEN v_errors = '[]' THEN json_build_object(
                'name', v_event.name,
                'date', public.time_in_zone(v_event.date, v_event.timezone),
                'total_seats', v_event.total_seats,
                'booking_ttl_minutes', v_event.booking_ttl,
                'description', v_event.description,
                'place', v_event.place,
                'timezone', v_event.timezone,
                'opens_at', public.time_in_zone(v_event.opens_at, v_event.timezone),
                'closes_at', public.time_in_zone(v_event.closes_at, v_event.timezone),
                'max_seats_per_booking', v_event.max_seats_per_booking,
                'published', v_event.published,
                'no_show_minutes', v_event.no_show_minutes
            ) END
        );
    END LOOP;

    IF p_dry_run THEN
        RETURN array_to_json(v_report);
    END IF;
    IF v_all_errors <> '[]' THEN
        RAISE EXCEPTION USING ERRCODE = 'EB106',
            MESSAGE = format(
                'Nothing was imported: line %s: %s %s.',
                v_all_errors -> 0 ->> 'line', v_all_errors -> 0 ->> 'field', v_all_errors -> 0 ->> 'message'),
            DETAIL = json_build_object('errors', v_all_errors)::text,
            HINT = 'A dry run tells what is wrong with each line.';
    END IF;
    FOR n IN 1 .. cardinality(v_events) LOOP
        v_event := public.add_event(v_events[n]);
        v_report[n] := json_build_object(
            'line', p_lines -> (n - 1) -> 'line', 'errors', '[]'::json, 'event', public.get_event(v_event.id));
    END LOOP;
    RETURN array_to_json(v_report);
END
$$;

COMMENT ON FUNCTION public.import_events IS
    'Creates the events of a file, all or none, by the rules of create_event. p_lines: [{line, event, errors}] with what the file says of an event or, in errors, why it cannot be read; answers the same with what is wrong and each event as created, or, in a dry run, as it would be. Raises EB106 invalid_import with all errors, if it is no dry run.';
