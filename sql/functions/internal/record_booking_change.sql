CREATE OR REPLACE FUNCTION public.record_booking_change() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Once a statement, not once a row: a sweep changes a thousand bookings at a time. Why something was confirmed is in no
-- column of bookings: confirm_booking and revive_booking say it in a setting.
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.booking_changes (booking_id, changed_at, to_status, reason, changed_by, seats)
        SELECT id, public.clock(), status, cancel_reason, session_user, seats FROM after;
    ELSE
        INSERT INTO public.booking_changes (booking_id, changed_at, from_status, to_status, reason, changed_by, seats)
        SELECT after.id, public.clock(), before.status, after.status,
               CASE
                   WHEN after.status = 'canceled' THEN after.cancel_reason
                   WHEN after.status <> before.status THEN nullif(current_setting('eventbooker.reason', true), '')
                   WHEN after.checked_in_at IS NOT DISTINCT FROM before.checked_in_at THEN NULL
                   WHEN after.checked_in_at IS NULL THEN 'check-in undone'
                   ELSE concat_ws(': ', 'checked in', after.checked_in_by)
               END,
               session_user, after.seats
        FROM before JOIN after ON after.id = before.id
        WHERE (after.status, after.seats) <> (before.status, before.seats)
           OR after.checked_in_at IS DISTINCT FROM before.checked_in_at;
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.record_booking_change IS 'Trigger on bookings: writes each change of a status or of seats, each check-in and each undoing of one to booking_changes.';
