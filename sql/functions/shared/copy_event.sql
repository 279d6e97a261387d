CREATE OR REPLACE FUNCTION public.copy_event(p_event_id bigint, p_dates timestamptz[]) RETURNS SETOF public.events
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Booking opens and closes as long before each date as it does before the original's, by the clock on the wall: two weeks
-- before at 9:00 is 9:00 on both sides of a change of the clocks.
DECLARE
    v_original public.events;
    v_copy public.events;
    v_date timestamptz;
BEGIN
    SELECT * INTO v_original FROM public.events WHERE id = p_event_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    IF p_dates IS NULL OR cardinality(p_dates) NOT BETWEEN 1 AND 100 THEN
        PERFORM public.raise_refusal(public.invalid_field('EB101', 'event', 'dates', 'must be 1 to 100 dates'));
    END IF;

    FOREACH v_date IN ARRAY p_dates LOOP
        v_copy := v_original;
        v_copy.date := v_date;
        v_copy.opens_at := (
            (v_date AT TIME ZONE v_original.timezone)
            - (v_original.date AT TIME ZONE v_original.timezone - v_original.opens_at AT TIME ZONE v_original.timezone)
        ) AT TIME ZONE v_original.timezone;
        v_copy.closes_at := (
            (v_date AT TIME ZONE v_original.timezone)
            - (v_original.date AT TIME ZONE v_original.timezone - v_original.closes_at AT TIME ZONE v_original.timezone)
        ) AT TIME ZONE v_original.timezone;
        RETURN NEXT public.insert_event(v_copy);
    END LOOP;
END
$$;

COMMENT ON FUNCTION public.copy_event IS
    'Creates the event again for each of 1 to 100 further dates, with all seats free; opens_at and closes_at keep their distance to the date in local time. Raises EB001 event_not_found, EB101 invalid_event; then none is created.';
