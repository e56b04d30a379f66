package io.qscope.micrometer;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.qscope.model.RayId;
import io.qscope.store.StorageCall;
import io.qscope.store.StorageListener;
import java.time.Duration;
import java.time.Instant;

/**
 * Makes a span of each storage call, from the call until its answer was known: {@code consume oauth_authorization_codes}, or
 * {@code commit}. Its attributes are {@code qscope.ray_id}, {@code qscope.outcome}, {@code qscope.waiting_nanos} and {@code
 * qscope.group_size}; its status is an error when the call's future failed, not when the call was refused.
 *
 * <p>A ray id that is a W3C trace id, as {@link RayId#random()} makes them, is the span's trace: its parent is then a remote one of
 * that trace, sampled, the same for all calls of the ray. Any other ray id is an attribute only, and the span begins a trace.
 *
 * <p>Needs {@code io.opentelemetry:opentelemetry-api}, which the application brings. Safe for any number of threads and storages.
 */
public final class OpenTelemetryListener implements StorageListener {

    private static final AttributeKey<String> RAY_ID = AttributeKey.stringKey("qscope.ray_id");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("qscope.outcome");
    private static final AttributeKey<Long> WAITING = AttributeKey.longKey("qscope.waiting_nanos");
    private static final AttributeKey<Long> GROUP_SIZE = AttributeKey.longKey("qscope.group_size");

    private final Tracer tracer;

    /** Spans of its tracer {@code io.qscope.storage}. */
    public OpenTelemetryListener(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.qscope.storage");
    }

    @Override
    public void called(StorageCall call) {
        // Told a little later, so the end lies as far back as has passed since.
        Instant end = Instant.now().minusNanos(System.nanoTime() - call.endedNanos());
        Duration whole = call.waiting().plus(call.running());
        SpanBuilder builder = tracer.spanBuilder(nameOf(call))
                .setStartTimestamp(end.minus(whole))
                .setAttribute(RAY_ID, call.rayId().value())
                .setAttribute(OUTCOME, call.outcome().name())
                .setAttribute(WAITING, call.waiting().toNanos())
                .setAttribute(GROUP_SIZE, (long) call.groupSize());
        Span span = inTraceOf(call.rayId(), builder).startSpan();
        if (call.outcome().isFailure()) {
            span.setStatus(StatusCode.ERROR, call.outcome().name());
        }
        span.end(end);
    }

    private static String nameOf(StorageCall call) {
        return call.table() == null ? call.operation() : call.operation() + " " + call.table();
    }

    private static SpanBuilder inTraceOf(RayId ray, SpanBuilder builder) {
        String trace = ray.value();
        if (!TraceId.isValid(trace)) {
            return builder.setNoParent();
        }
        SpanContext parent = SpanContext.createFromRemoteParent(
                trace, parentIn(trace), TraceFlags.getSampled(), TraceState.getDefault());
        return builder.setParent(Context.root().with(Span.wrap(parent)));
    }

    /** A trace needs a parent's id, and nobody says which: one half of the trace's, which has one half that is not zero. */
    private static String parentIn(String trace) {
        String half = trace.substring(SpanId.getLength());
        return SpanId.isValid(half) ? half : trace.substring(0, SpanId.getLength());
    }
}
