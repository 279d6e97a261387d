-- What a ticket carries: the booking's number, so that a code is looked up by the primary key and booking maintains no
-- further index, and 50 bits from PostgreSQL's strong random source, kept here so that no key opens or changes them.
--
-- gen_random_uuid() has 122 random bits. Of its 24 characters in base64 the first eight and those from the 13th to the 20th
-- are random throughout (others hold version and variant), and two of the 64 letters become one of the 32 of Crockford's
-- alphabet, which has no I, L, O and U: 7-X4K2M-9PQRT. The id is taken first, as it is the first column.
--
-- Adding a column with such a default would write the table anew, under a lock against everybody. So the column comes
-- empty and then gets its default; bookings of before get their codes a few at a time, by fill_booking_codes.

ALTER TABLE public.bookings ADD COLUMN code text;
ALTER TABLE public.bookings ALTER COLUMN code SET DEFAULT
    currval('public.bookings_id_seq') || '-' || left(overlay(
        translate(
            encode(uuid_send(gen_random_uuid()), 'base64'),
            'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
            '0123456789ABCDEFGHJKMNPQRSTVWXYZ0123456789ABCDEFGHJKMNPQRSTVWXYZ'
        )
        PLACING '-' FROM 6 FOR 7
    ), 11);

-- What is in the archive already had no ticket, and keeps none.
ALTER TABLE archive.bookings ADD COLUMN code text;

COMMENT ON COLUMN public.bookings.code IS
    'What the ticket carries and the door asks for: the booking''s id and ten random characters. Whoever shows it may enter.';
