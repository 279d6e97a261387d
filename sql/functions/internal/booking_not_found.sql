CREATE OR REPLACE FUNCTION public.booking_not_found(p_booking_id bigint) RETURNS public.refusal
LANGUAGE sql IMMUTABLE AS
$$
    SELECT public.refuse('EB002', format('There is no booking %s.', p_booking_id))
$$;

COMMENT ON FUNCTION public.booking_not_found IS
    'EB002 booking_not_found, always: for a caller that has looked for the booking and found none.';
