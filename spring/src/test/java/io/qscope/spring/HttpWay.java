package io.qscope.spring;

/** By what a test talks to a server. */
enum HttpWay {
    SOCKET,
    MOCK_MVC
}
