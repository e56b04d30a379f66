package io.qscope.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.qscope.memory.MemoryStorage;
import io.qscope.model.RayId;
import io.qscope.store.CallOutcome;
import io.qscope.store.Storage;
import io.qscope.store.StorageCall;
import io.qscope.store.StorageOptions;
import io.qscope.store.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenTelemetryListenerTest {

    private static final RayId TRACE = new RayId("0af7651916cd43dd8448eb211c80319c");

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();
    private final OpenTelemetryListener listener = new OpenTelemetryListener(telemetry);

    @AfterEach
    void closeTelemetry() {
        telemetry.close();
    }

    @Test
    void aCallIsASpanOfItsTime() {
        long ended = System.nanoTime() - TimeUnit.SECONDS.toNanos(5);
        Instant before = Instant.now();
        listener.called(new StorageCall(
                "consume",
                TableName.AUTHORIZATION_CODES,
                TRACE,
                CallOutcome.ALREADY_CONSUMED,
                Duration.ofMillis(2),
                Duration.ofMillis(3),
                4,
                ended));

        SpanData span = onlySpan();
        assertThat(span.getName()).isEqualTo("consume oauth_authorization_codes");
        assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(5_000_000);
        assertThat(Duration.between(Instant.ofEpochSecond(0, span.getEndEpochNanos()), before))
                .as("the end, five seconds ago")
                .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
        assertThat(span.getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("qscope.ray_id"), TRACE.value())
                .containsEntry(AttributeKey.stringKey("qscope.outcome"), "ALREADY_CONSUMED")
                .containsEntry(AttributeKey.longKey("qscope.waiting_nanos"), 2_000_000L)
                .containsEntry(AttributeKey.longKey("qscope.group_size"), 4L);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void aRayIdThatIsATraceIdIsTheTrace() {
        listener.called(call(TRACE, CallOutcome.OK));
        listener.called(call(TRACE, CallOutcome.OK));

        List<SpanData> spans = exporter.getFinishedSpanItems();
        assertThat(spans).hasSize(2).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(TRACE.value());
            assertThat(span.getParentSpanContext().isValid()).isTrue();
            assertThat(span.getParentSpanContext().isRemote()).isTrue();
            assertThat(span.getParentSpanContext().isSampled()).isTrue();
        });
        assertThat(spans.get(0).getParentSpanId()).isEqualTo(spans.get(1).getParentSpanId());
        assertThat(spans.get(0).getSpanId()).isNotEqualTo(spans.get(1).getSpanId());
    }

    @Test
    void aTraceIdWithAHalfOfZerosHasAParentAllTheSame() {
        RayId half = new RayId("0af7651916cd43dd0000000000000000");
        listener.called(call(half, CallOutcome.OK));

        assertThat(onlySpan().getTraceId()).isEqualTo(half.value());
        assertThat(onlySpan().getParentSpanId()).isEqualTo("0af7651916cd43dd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request-17",
                "00000000000000000000000000000000",
                "0AF7651916CD43DD8448EB211C80319C",
                "0af7651916cd43dd8448eb211c80319c0",
                "0af7651916cd43dd8448eb211c80319g"
            })
    void anyOtherRayIdIsAnAttributeOnly(String ray) {
        listener.called(call(new RayId(ray), CallOutcome.OK));

        SpanData span = onlySpan();
        assertThat(span.getParentSpanContext().isValid()).isFalse();
        assertThat(span.getTraceId()).isNotEqualTo(ray);
        assertThat(span.getAttributes().get(AttributeKey.stringKey("qscope.ray_id")))
                .isEqualTo(ray);
    }

    @Test
    void aFailureIsAnError() {
        listener.called(call(TRACE, CallOutcome.UNAVAILABLE));

        assertThat(onlySpan().getName()).isEqualTo("commit");
        assertThat(onlySpan().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(onlySpan().getStatus().getDescription()).isEqualTo("UNAVAILABLE");
    }

    @Test
    void callsOfAStorageAreSpansOfTheirTrace() {
        RayId ray = RayId.random();
        Instant before = Instant.now();
        try (Storage storage = MemoryStorage.open(StorageOptions.none().listener(listener))) {
            storage.clients().getById("none", ray).join();
        }

        Eventually.holds(() -> assertThat(exporter.getFinishedSpanItems()).hasSize(1));
        assertThat(onlySpan().getTraceId()).isEqualTo(ray.value());
        assertThat(onlySpan().getName()).isEqualTo("getById oauth_clients");
        assertThat(Instant.ofEpochSecond(0, onlySpan().getStartEpochNanos()))
                .isBetween(before.minusMillis(100), Instant.now().plusMillis(100));
    }

    private SpanData onlySpan() {
        assertThat(exporter.getFinishedSpanItems()).hasSize(1);
        return exporter.getFinishedSpanItems().get(0);
    }

    private static StorageCall call(RayId ray, CallOutcome outcome) {
        return new StorageCall("commit", null, ray, outcome, Duration.ZERO, Duration.ofMillis(1), 1, System.nanoTime());
    }
}
