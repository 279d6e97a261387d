-- What a ticket carries: the booking's number, so that a code is looked up by the primary key and booking maintains no
-- further index, and 52 bits from PostgreSQL's strong random source, kept here so that no key opens or changes them.
--
-- They are 13 hexadecimal digits of gen_random_uuid(): the first 6 and the last 7, of which neither version nor variant
-- of the UUID is any. Ten letters of a larger alphabet would say as much, but cost as much again as the UUID does. Nothing
-- is mistaken for another: there is no I, L or O. The id is taken before the code is made, as it is the first column.
--
-- Adding a column with such a default would write the table anew, under a lock against everybody. So the column comes
-- empty and then gets its default; bookings of before get their codes a few at a time, by fill_booking_codes.

ALTER TABLE public.bookings ADD COLUMN code text;
ALTER TABLE public.bookings ALTER COLUMN code SET DEFAULT
    currval('public.bookings_id_seq') || '-' || upper(overlay(gen_random_uuid()::text PLACING '-' FROM 7 FOR 23) COLLATE "C");

-- What is in the archive already had no ticket, and keeps none.
ALTER TABLE archive.bookings ADD COLUMN code text;

COMMENT ON COLUMN public.bookings.code IS
    'What the ticket carries and the door asks for: the booking''s id and 13 random digits. Whoever shows it may enter.';

ALTER TABLE public.users ADD COLUMN calendar_version integer NOT NULL DEFAULT 1;

COMMENT ON COLUMN public.users.calendar_version IS
    'Which address of the user''s calendar is the valid one: a new one ends the one before.';

-- Its result has changed.
DROP FUNCTION IF EXISTS public.claim_notifications;
