package io.qscope.postgresql;

import io.qscope.engine.Answers;
import io.qscope.engine.Callbacks;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers on their way out, for the event loop. Those that come out of one reading of the socket leave together: to the callbacks'
 * executor, or to the Vert.x context that the call was made on.
 */
final class Outbox {

    private final Context loop;
    private final Callbacks callbacks;
    private @Nullable Answers ready;
    private final Map<Context, Answers> readyForContexts = new HashMap<>();
    private boolean scheduled;

    Outbox(Context loop, Callbacks callbacks) {
        this.loop = loop;
        this.callbacks = callbacks;
    }

    <R extends @Nullable Object> void answer(@Nullable Context caller, CompletableFuture<R> future, R value) {
        put(caller, answers -> answers.answered(future, value));
    }

    void fail(@Nullable Context caller, CompletableFuture<?> future, Throwable failure) {
        put(caller, answers -> answers.failed(future, failure));
    }

    private void put(@Nullable Context caller, Consumer<Answers> answer) {
        if (caller == null) {
            if (ready == null) {
                ready = new Answers(callbacks, 1);
            }
            answer.accept(ready);
        } else {
            answer.accept(readyForContexts.computeIfAbsent(
                    caller, context -> new Answers(Callbacks.on(task -> context.runOnContext(done -> task.run())), 1)));
        }
        if (!scheduled) {
            scheduled = true;
            loop.runOnContext(tick -> send());
        }
    }

    /** There is no event loop any more that answers could leave by; whoever puts them in sends them. */
    void sendNothingByItself() {
        scheduled = true;
    }

    void send() {
        scheduled = false;
        Answers all = ready;
        ready = null;
        if (all != null) {
            all.send();
        }
        readyForContexts.values().forEach(Answers::send);
        readyForContexts.clear();
    }
}
