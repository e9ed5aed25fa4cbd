"""Only public addresses are connected to, and the one that was judged is the one connected to."""

from __future__ import annotations

import ipaddress

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.addresses import CheckedBackend, NoSuchHostError, Origin, RefusedAddressError, is_public
from tests.ingestion.replay_server import Reply, Routed, Rule, serving

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::6810:84e5", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
NOT_PUBLIC = {
    "loopback": "127.0.0.1",
    "any loopback": "127.8.9.10",
    "private 10": "10.0.0.1",
    "private 172.16": "172.31.255.1",
    "private 192.168": "192.168.1.1",
    "metadata service": "169.254.169.254",
    "carrier-grade NAT": "100.64.0.1",
    "this host": "0.0.0.0",
    "broadcast": "255.255.255.255",
    "multicast": "224.0.0.1",
    "public multicast": "239.1.1.1",
    "reserved": "240.0.0.1",
    "documentation": "192.0.2.1",
    "benchmarks": "198.18.0.1",
    "IPv6 loopback": "::1",
    "IPv6 unspecified": "::",
    "IPv6 link-local": "fe80::1",
    "IPv6 link-local with zone": "fe80::1%1",
    "IPv6 site-local": "fec0::1",
    "IPv6 unique local": "fd00:ec2::254",
    "IPv6 multicast": "ff02::1",
    "IPv6 documentation": "2001:db8::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped metadata": "::ffff:169.254.169.254",
    "compatible loopback": "::127.0.0.1",
    "NAT64 of private": "64:ff9b::10.0.0.1",
    "NAT64 of one's own network": "64:ff9b:1::808:808",
    "6to4 of private": "2002:7f00:1::",
    "6to4 of metadata": "2002:a9fe:a9fe::1",
    "Teredo of private": "2001:0:0a00:1:0:0:f5ff:fffe",
    "ISATAP of private": "2606:4700::200:5efe:10.0.0.1",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC.values(), ids=NOT_PUBLIC.keys())
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_however_it_is_wrapped(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    wrapped = [(0xFFFF << 32) | number, (0x64FF9B << 96) | number, (0x2002 << 112) | (number << 80)]
    assert {is_public(ipaddress.IPv6Address(one)) for one in wrapped} == {is_public(address)}


def test_a_name_is_connected_to_at_the_address_that_was_judged() -> None:
    with serving([Rule("/", (Reply(body=b"hello"),))]) as server:
        network = Routed({"papers.example": ["93.184.216.34"]}, {"93.184.216.34": server.port})
        stream = CheckedBackend(network, None).connect_tcp("papers.example", 80, 5)
        stream.write(b"GET / HTTP/1.1\r\nHost: papers.example\r\nConnection: close\r\n\r\n", 5)
        assert b"200" in stream.read(100, 5)
        stream.close()
    assert [str(one) for one in network.connected] == ["93.184.216.34"]


def test_a_name_that_resolves_inside_is_refused_and_nothing_is_connected_to() -> None:
    network = Routed({"rebound.example": ["127.0.0.1", "169.254.169.254", "::1"]}, {})
    with pytest.raises(RefusedAddressError, match=r"rebound\.example"):
        CheckedBackend(network, None).connect_tcp("rebound.example", 80, 5)
    assert network.connected == []


def test_of_a_name_with_both_kinds_of_address_only_the_public_one_is_tried() -> None:
    with serving([]) as server:
        network = Routed({"both.example": ["10.0.0.1", "8.8.8.8"]}, {"8.8.8.8": server.port})
        CheckedBackend(network, None).connect_tcp("both.example", 80, 5).close()
    assert [str(one) for one in network.connected] == ["8.8.8.8"]


@pytest.mark.parametrize("written", ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "localhost", "::1"])
def test_loopback_is_refused_however_it_is_written(written: str) -> None:
    from pipelines.ingestion.addresses import SystemNetwork

    # What this machine's resolver does not take for an address is refused as a name that is none.
    with pytest.raises((RefusedAddressError, NoSuchHostError)):
        CheckedBackend(SystemNetwork(), None).connect_tcp(written, 80, 5)


def test_the_permitted_origin_may_be_private_and_its_neighbour_port_may_not() -> None:
    with serving([]) as server:
        backend = CheckedBackend(Routed({"mirror": ["127.0.0.1"]}, {}), Origin("http", "mirror", server.port))
        backend.connect_tcp("mirror", server.port, 5).close()
        with pytest.raises(RefusedAddressError):
            backend.connect_tcp("mirror", server.port + 1, 5)


def test_an_unknown_name_is_no_such_host() -> None:
    with pytest.raises(NoSuchHostError, match=r"nowhere\.example"):
        CheckedBackend(Routed({}, {}), None).connect_tcp("nowhere.example", 80, 5)


def test_a_port_that_nobody_listens_at_is_a_connection_error() -> None:
    with serving([]) as server:
        port = server.port
    with pytest.raises(httpcore.ConnectError):
        CheckedBackend(Routed({"gone.example": ["8.8.8.8"]}, {"8.8.8.8": port}), None).connect_tcp(
            "gone.example", 80, 5
        )


def test_a_socket_file_is_never_connected_to() -> None:
    with pytest.raises(RefusedAddressError):
        CheckedBackend(Routed({}, {}), None).connect_unix_socket("/var/run/docker.sock")
