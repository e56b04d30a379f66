package io.qscope.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.engine.Callbacks;
import io.qscope.engine.Listening;
import io.qscope.memory.Throttles.Throttle;
import io.qscope.model.RayId;
import io.qscope.model.Samples;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What no caller lives long enough to see. */
class ThrottlesTest {

    private static final RayId RAY = new RayId("ray");

    @Test
    void counterStopsAtTheLargestNumber() {
        MemoryData data = new MemoryData();
        MemoryThrottleTable table = new MemoryThrottleTable(
                data,
                new Calls(data, Callbacks.on(Runnable::run), new MemoryAuditChain(data, null), Listening.to(null)));
        TokenDigest key = TokenDigest.sha256("key");
        data.throttles.put(
                key,
                new Throttle(
                        Integer.MAX_VALUE - 1, Samples.T0.plusSeconds(60), "another", Integer.MAX_VALUE - 1, null));

        assertThat(count(table, key)).isEqualTo(Integer.MAX_VALUE);
        assertThat(count(table, key)).isEqualTo(Integer.MAX_VALUE);
        table.uncount(key, Attempt.of(Samples.T0, "test"), RAY).join();
        assertThat(count(table, key)).isEqualTo(Integer.MAX_VALUE);
    }

    private static int count(MemoryThrottleTable table, TokenDigest key) {
        return table.count(key, Duration.ofMinutes(1), Attempt.of(Samples.T0, "test"), RAY)
                .join()
                .count();
    }
}
