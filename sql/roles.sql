-- Two roles, and what each may do here; loaded after the functions at every migrate, in one transaction with them,
-- because a function that was dropped and made again has lost what was granted on it.
-- Roles are the whole cluster's. Another database may be making them at this moment, then this waits and takes
-- those. Whoever may not make them is told, and grants to the ones that are there.

DO
$$
DECLARE
    v_missing text[];
    v_role text;
    v_why text;
BEGIN
    FOREACH v_role IN ARRAY ARRAY['eventbooker_app', 'eventbooker_operator'] LOOP
        CONTINUE WHEN to_regrole(v_role) IS NOT NULL;
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN
                v_missing := v_missing || v_role;
                v_why := SQLERRM;
        END;
    END LOOP;
    IF v_missing IS NOT NULL THEN
        RAISE WARNING USING MESSAGE = format(
            '%s %s %s not made: %s', CASE cardinality(v_missing) WHEN 1 THEN 'role' ELSE 'roles' END,
            array_to_string(v_missing, ' and '), CASE cardinality(v_missing) WHEN 1 THEN 'was' ELSE 'were' END, v_why);
    END IF;
END
$$;

-- Anybody may call the six functions of the seats, and ask clock. The rest is by name, or not at all.
REVOKE EXECUTE ON FUNCTION
    public.acknowledge_notification(bigint, uuid),
    public.add_user(text, text, text),
    public.advance_updates(bigint, bigint),
    public.archive_events(timestamptz, integer),
    public.attempt_booking(public.events, bigint),
    public.book_seats(bigint[], text[], text[], text[], boolean),
    public.booking_history(bigint),
    public.cancel_event(bigint, text),
    public.change_event(bigint, text, timestamptz, integer, integer),
    public.claim_idempotency_key(text, text, bytea),
    public.claim_notifications(integer, interval, double precision),
    public.confirm_bookings(bigint[]),
    public.create_admin(text, text),
    public.disable_telegram(),
    public.enable_telegram(double precision),
    public.event_json(public.events),
    public.explain_event(bigint),
    public.fail_notification(bigint, uuid, text, boolean),
    public.find_account(text),
    public.find_caller(text),
    public.find_chat_booking(bigint, text),
    public.find_or_add_user(text, text, text),
    public.find_or_add_users(text[], text[], text[]),
    public.grant_access(bigint, text, text, interval, text),
    public.hush_telegram(interval),
    public.introduce_bot(bigint, text),
    public.is_account(text),
    public.keep_answer(text, text, bytea, json),
    public.keep_history(),
    public.keep_moved_history(),
    public.lapse_holds(bigint, timestamptz, integer),
    public.link_telegram(text, text, text),
    public.list_chat_bookings(text),
    public.list_event_bookings(bigint, integer, bigint),
    public.list_events(timestamptz, timestamptz, text, integer, bigint),
    public.list_user_bookings(bigint),
    public.make_admin(bigint),
    public.note_sign_in_failure(text),
    public.notifications_json(integer),
    public.offer_telegram_link(bigint, text, interval),
    public.prune_idempotency_keys(),
    public.prune_outbox(interval),
    public.raise_refusal(public.refusal),
    public.record_booking_change(),
    public.refuse(text, text, json, text),
    public.refuse_booking(bigint),
    public.refuse_confirmation(public.bookings, timestamptz),
    public.refuse_event(bigint),
    public.refuse_event_values(text, timestamptz, integer, integer),
    public.refuse_field(text, text, text, text),
    public.refuse_user(text, text, text),
    public.register_user(text, text, text, text),
    public.release_seats(bigint, bigint[], text, timestamptz),
    public.repair_seats(bigint),
    public.requeue_notification(bigint),
    public.retry_notification(bigint, uuid, text, interval),
    public.revoke_access(text),
    public.tell_holds(bigint[]),
    public.tell_users(bigint[], text),
    public.unlink_telegram(bigint),
    public.unlink_telegram_chat(text),
    public.user_name(text, text)
FROM PUBLIC;

-- The service: what it reads by itself, and the functions that it calls.
DO
$$
BEGIN
    IF to_regrole('eventbooker_app') IS NULL THEN
        RETURN;
    END IF;

    GRANT SELECT ON public.users, public.events, public.bookings, public.current_bookings, public.current_events,
        public.service_secrets, public.telegram_bot, public._yoyo_migration
    TO eventbooker_app;

    GRANT EXECUTE ON FUNCTION
        public.acknowledge_notification(bigint, uuid),
        public.advance_updates(bigint, bigint),
        public.archive_events(timestamptz, integer),
        public.audit_seats(),
        public.book_seat(bigint, text, text, text),
        public.book_seats(bigint[], text[], text[], text[], boolean),
        public.cancel_booking(bigint, text),
        public.cancel_event(bigint, text),
        public.change_event(bigint, text, timestamptz, integer, integer),
        public.claim_idempotency_key(text, text, bytea),
        public.claim_notifications(integer, interval, double precision),
        public.clock(),
        public.confirm_booking(bigint),
        public.confirm_bookings(bigint[]),
        public.create_admin(text, text),
        public.create_event(text, timestamptz, integer, integer),
        public.disable_telegram(),
        public.enable_telegram(double precision),
        public.event_json(public.events),
        public.expire_bookings(integer),
        public.fail_notification(bigint, uuid, text, boolean),
        public.find_account(text),
        public.find_caller(text),
        public.find_chat_booking(bigint, text),
        public.find_or_add_user(text, text, text),
        public.grant_access(bigint, text, text, interval, text),
        public.hush_telegram(interval),
        public.introduce_bot(bigint, text),
        public.is_account(text),
        public.keep_answer(text, text, bytea, json),
        public.link_telegram(text, text, text),
        public.list_chat_bookings(text),
        public.list_event_bookings(bigint, integer, bigint),
        public.list_events(timestamptz, timestamptz, text, integer, bigint),
        public.list_user_bookings(bigint),
        public.make_admin(bigint),
        public.note_sign_in_failure(text),
        public.notifications_json(integer),
        public.offer_telegram_link(bigint, text, interval),
        public.prune_idempotency_keys(),
        public.prune_outbox(interval),
        public.register_user(text, text, text, text),
        public.requeue_notification(bigint),
        public.retry_notification(bigint, uuid, text, interval),
        public.revoke_access(text),
        public.unlink_telegram(bigint),
        public.unlink_telegram_chat(text)
    TO eventbooker_app;
END
$$;

-- The operator: sees all but what signs people in, and calls what keeps the seat law.
DO
$$
BEGIN
    IF to_regrole('eventbooker_operator') IS NULL THEN
        RETURN;
    END IF;

    GRANT SELECT ON public.users, public.events, public.bookings, public.booking_changes, public.current_bookings,
        public.current_events, public.outbox, public._yoyo_migration
    TO eventbooker_operator;
    GRANT USAGE ON SCHEMA archive TO eventbooker_operator;
    GRANT SELECT ON ALL TABLES IN SCHEMA archive TO eventbooker_operator;

    GRANT EXECUTE ON FUNCTION
        public.archive_events(timestamptz, integer),
        public.audit_seats(),
        public.book_seat(bigint, text, text, text),
        public.book_seats(bigint[], text[], text[], text[], boolean),
        public.booking_history(bigint),
        public.cancel_booking(bigint, text),
        public.cancel_event(bigint, text),
        public.change_event(bigint, text, timestamptz, integer, integer),
        public.clock(),
        public.confirm_booking(bigint),
        public.confirm_bookings(bigint[]),
        public.create_event(text, timestamptz, integer, integer),
        public.event_json(public.events),
        public.expire_bookings(integer),
        public.explain_event(bigint),
        public.list_event_bookings(bigint, integer, bigint),
        public.list_events(timestamptz, timestamptz, text, integer, bigint),
        public.list_user_bookings(bigint),
        public.notifications_json(integer),
        public.repair_seats(bigint),
        public.requeue_notification(bigint)
    TO eventbooker_operator;
END
$$;
