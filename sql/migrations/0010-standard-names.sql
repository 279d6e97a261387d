-- Functions that have another name, result or parameter list since; what replaces them is in sql/functions. One that is
-- still called by its old name is no longer there.

DROP FUNCTION IF EXISTS public.add_user;
DROP FUNCTION IF EXISTS public.advance_updates;
DROP FUNCTION IF EXISTS public.claim_notifications;
DROP FUNCTION IF EXISTS public.confirm_bookings;
DROP FUNCTION IF EXISTS public.event_json;
DROP FUNCTION IF EXISTS public.explain_event;
DROP FUNCTION IF EXISTS public.find_caller;
DROP FUNCTION IF EXISTS public.grant_access;
DROP FUNCTION IF EXISTS public.hush_telegram;
DROP FUNCTION IF EXISTS public.introduce_bot;
DROP FUNCTION IF EXISTS public.is_account;
DROP FUNCTION IF EXISTS public.keep_answer;
DROP FUNCTION IF EXISTS public.note_sign_in_failure;
DROP FUNCTION IF EXISTS public.notifications_json;
DROP FUNCTION IF EXISTS public.offer_telegram_link;
DROP FUNCTION IF EXISTS public.refuse_booking;
DROP FUNCTION IF EXISTS public.refuse_confirmation;
DROP FUNCTION IF EXISTS public.refuse_event;
DROP FUNCTION IF EXISTS public.refuse_event_values;
DROP FUNCTION IF EXISTS public.refuse_field;
DROP FUNCTION IF EXISTS public.refuse_user;
DROP FUNCTION IF EXISTS public.repair_seats;
DROP FUNCTION IF EXISTS public.revoke_access;
DROP FUNCTION IF EXISTS public.tell_holds;
DROP FUNCTION IF EXISTS public.tell_users;
DROP FUNCTION IF EXISTS public.user_name;

-- `place` is where an event happens; the position of a request in its batch is an ordinal.
ALTER TYPE public.booking_outcome RENAME ATTRIBUTE place TO ordinal;

COMMENT ON TYPE public.booking_outcome IS
    'What became of the request with this ordinal (from 1) in a batch: the booking, or why not, or neither: it must be asked again by itself.';

-- The service reads no table any more, it only calls functions.
DO
$$
BEGIN
    IF to_regrole('eventbooker_app') IS NOT NULL THEN
        REVOKE ALL ON ALL TABLES IN SCHEMA public FROM eventbooker_app;
    END IF;
END
$$;
