package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;

/** Callers who do something at the same time. */
final class Racers {

    private Racers() {}

    /**
     * Has that many do it at once.
     *
     * @param lost the OAuth error that everybody else gets; none: any OAuth error
     * @return what those got that succeeded
     */
    static <T> List<T> race(int racers, @Nullable String lost, Callable<T> call) throws Exception {
        CyclicBarrier start = new CyclicBarrier(racers);
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            List<Future<T>> answers = new ArrayList<>();
            for (int i = 0; i < racers; i++) {
                answers.add(threads.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return call.call();
                }));
            }
            List<T> won = new ArrayList<>();
            for (Future<T> answer : answers) {
                T result = result(answer, lost);
                if (result != null) {
                    won.add(result);
                }
            }
            return won;
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> @Nullable T result(Future<T> answer, @Nullable String lost) throws Exception {
        try {
            return answer.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OAuth2AuthenticationException refused) {
                if (lost != null) {
                    assertThat(refused.getError().getErrorCode()).isEqualTo(lost);
                }
                return null;
            }
            throw e;
        }
    }
}
