CREATE OR REPLACE FUNCTION public.find_booking_by_code(p_code text) RETURNS public.bookings
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- As people type it: in any case, with spaces and dashes anywhere or nowhere, and with letters that no code has for the
-- digits they look like.
DECLARE
    v_typed text := translate(
        regexp_replace(p_code, '[^0-9A-Za-z]', '', 'g'),
        'abcdefghijklmnopqrstuvwxyzILO',
        'ABCDEFGH1JK1MN0PQRSTUVWXYZ110'
    );
    v_parts text[] := regexp_match(v_typed, '^([0-9]{1,18})(.{6})(.{7})$');
    v_booking public.bookings;
BEGIN
    SELECT * INTO v_booking FROM public.bookings
    WHERE id = v_parts[1]::bigint AND code = format('%s-%s-%s', v_parts[1]::bigint, v_parts[2], v_parts[3]);
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.find_booking_by_code IS
    'The booking whose code somebody typed or scanned, as it is stored; NULL if there is none. Small letters, spaces, dashes, O for 0 and I or L for 1 do no harm.';
