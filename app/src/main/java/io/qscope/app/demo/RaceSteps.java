package io.qscope.app.demo;

import io.qscope.result.Result;
import io.qscope.result.SuccessResult;
import io.qscope.service.IssuedCode;
import io.qscope.service.IssuedTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What the usual get-then-delete gets wrong: many redeem one code at once. */
final class RaceSteps {

    private static final int RACERS = 64;

    private final Stage stage;

    RaceSteps(Stage stage) {
        this.stage = stage;
    }

    void race(StepReport report) {
        report.tell(RACERS + " threads redeem the same code at the same moment.");
        IssuedCode code = report.value(
                stage.services().codes().issue(stage.request(stage.client(), stage.user("frank")), report.rayId()));
        List<Result<IssuedTokens>> results = run(code, report);
        List<IssuedTokens> given = results.stream()
                .filter(result -> result instanceof SuccessResult)
                .map(result -> ((SuccessResult<IssuedTokens>) result).value())
                .toList();
        report.show("racers", RACERS);
        report.show("given tokens", given.size());
        report.show("invalid_grant", RACERS - given.size());
        report.expect("one winner", given.size() == 1);
        report.expect(
                "the others were replays, so even the winner's token is dead",
                !stage.isActive(given.get(0).accessToken(), report));
    }

    private List<Result<IssuedTokens>> run(IssuedCode code, StepReport report) {
        CountDownLatch ready = new CountDownLatch(RACERS);
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        try {
            List<CompletableFuture<Result<IssuedTokens>>> answers = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                answers.add(CompletableFuture.supplyAsync(
                        () -> {
                            ready.countDown();
                            awaitAll(ready);
                            return report.await(stage.services()
                                    .codes()
                                    .redeem(stage.credentials(), Stage.redemption(code), report.rayId()));
                        },
                        threads));
            }
            return answers.stream().map(report::await).toList();
        } finally {
            threads.shutdownNow();
        }
    }

    private static void awaitAll(CountDownLatch ready) {
        try {
            ready.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Step.Unexpected("interrupted");
        }
    }
}
