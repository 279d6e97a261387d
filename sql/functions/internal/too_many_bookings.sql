CREATE OR REPLACE FUNCTION public.too_many_bookings(p_most integer) RETURNS public.refusal
LANGUAGE sql IMMUTABLE AS
$$
    SELECT public.refuse(
        'EB214',
        CASE p_most
            WHEN 1 THEN 'This user already has a booking, and nobody may have more than one at once.'
            ELSE format('This user already has %s bookings, and nobody may have more at once.', p_most)
        END,
        json_build_object('max_bookings', p_most),
        'Cancel a booking first, or come back when an event is over.'
    )
$$;

COMMENT ON FUNCTION public.too_many_bookings IS
    'EB214 too_many_bookings, always: for a caller that has found p_most live bookings of the user.';
