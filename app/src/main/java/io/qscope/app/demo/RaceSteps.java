package io.qscope.app.demo;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.store.ConsumeOutcome.AlreadyConsumed;
import io.qscope.store.Storage;
import io.qscope.store.UnitOutcome;
import io.qscope.store.UnitOutcome.Refused;
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
    private final Storage storage;
    private final Issuer issuer;

    RaceSteps(Stage stage) {
        this.stage = stage;
        storage = stage.storage();
        issuer = stage.issuer();
    }

    void race(StepReport report) {
        report.tell(RACERS + " threads redeem the same code at the same moment, each with an access token of its own.");
        String user = stage.user("frank");
        Secret code = Secret.random();
        Authorization root = issuer.authorization(stage.client(), user, issuer.now());
        AuthorizationCode codeRow = issuer.code(root, user, code, issuer.now());
        report.await(storage.unitOfWork(issuer.attempt())
                .insert(root)
                .insert(codeRow)
                .commit(report.rayId()));

        List<AccessToken> tokens = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            tokens.add(issuer.accessToken(root, Secret.random(), issuer.now()));
        }
        List<UnitOutcome> outcomes = run(tokens, code, report);

        long winners = outcomes.stream().filter(UnitOutcome::committed).count();
        long refused = outcomes.stream()
                .filter(outcome -> outcome instanceof Refused loser && loser.outcome() instanceof AlreadyConsumed)
                .count();
        long stored = tokens.stream()
                .filter(token -> report.await(storage.accessTokens().getById(token.id(), report.rayId()))
                        .isPresent())
                .count();
        report.show("racers", RACERS);
        report.show("won", winners);
        report.show("AlreadyConsumed", refused);
        report.show("tokens stored", stored);
        report.expect("one winner, and one access token in the store", winners == 1 && stored == 1);
        report.expect("every other racer was told why", refused == RACERS - 1);
    }

    private List<UnitOutcome> run(List<AccessToken> tokens, Secret code, StepReport report) {
        CountDownLatch ready = new CountDownLatch(tokens.size());
        ExecutorService threads = Executors.newFixedThreadPool(tokens.size());
        try {
            List<CompletableFuture<UnitOutcome>> answers = new ArrayList<>();
            for (AccessToken token : tokens) {
                answers.add(CompletableFuture.supplyAsync(
                        () -> {
                            ready.countDown();
                            awaitAll(ready);
                            return report.await(storage.unitOfWork(issuer.attempt())
                                    .consume(code.digest())
                                    .insert(token)
                                    .commit(report.rayId()));
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
