CREATE OR REPLACE FUNCTION public.validate_seats(p_event_id bigint, p_seats integer, p_most integer) RETURNS public.refusal
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_wanted text;
BEGIN
    IF p_seats BETWEEN 1 AND p_most THEN
        RETURN NULL;
    END IF;
    v_wanted := CASE p_most WHEN 1 THEN 'must be 1' ELSE format('must be from 1 to %s', p_most) END;
    RETURN public.refuse(
        'EB104',
        format('The seats of a booking for event %s %s.', p_event_id, v_wanted),
        json_build_object(
            'max_seats_per_booking', p_most,
            'errors', json_build_array(json_build_object('field', 'seats', 'message', v_wanted))
        )
    );
END
$$;

COMMENT ON FUNCTION public.validate_seats IS
    'EB104 too_many_seats if one booking of the event, which takes p_most at most, cannot be of this many seats, or NULL if it can.';
