package io.qscope.bench.side;

import io.qscope.bench.load.Callers;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The operations by a storage of Spring Authorization Server. */
public final class SpringCallers implements Callers {

    private final Operation operation;
    private final SpringStorage storage;
    private final Queue<Long> codes = new ConcurrentLinkedQueue<>();
    private final AtomicLong mixed = new AtomicLong();

    /** On the storage's own supply of refresh tokens. */
    public SpringCallers(Operation operation, SpringStorage storage) {
        this.operation = operation;
        this.storage = storage;
    }

    @Override
    public void prepare(long operations) throws Exception {
        long wanted = switch (operation) {
            case REDEEM -> operations;
            case MIXED -> Operation.redeemed(operations);
            default -> 0;
        };
        long missing = Math.max(0, wanted - codes.size());
        long first = storage.issue(missing);
        LongStream.range(first, first + missing).forEach(codes::add);
    }

    @Override
    public Caller open() {
        return this::call;
    }

    private int call() {
        switch (operation == Operation.MIXED ? Operation.mixed(mixed.getAndIncrement()) : operation) {
            case LOOKUP -> storage.lookUp();
            case INSERT -> storage.insert();
            case REDEEM -> {
                @Nullable Long code = codes.poll();
                if (code == null) {
                    return 0;
                }
                storage.redeem(code);
            }
            default -> {
                @Nullable String token = storage.refreshTokens().poll();
                if (token == null) {
                    return 0;
                }
                storage.refreshTokens().add(storage.refresh(token));
            }
        }
        return 1;
    }
}
