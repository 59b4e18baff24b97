"""What a client without our proto files finds out: every service by reflection, and how to call it."""

from __future__ import annotations

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_reflection.v1alpha import reflection_pb2 as pb
from host_client import METADATA, Host

from tempera_sandbox.generated import sandbox_pb2

VERSIONS = ('v1', 'v1alpha')


def ask(
    host: Host, version: str = 'v1', metadata: object = METADATA, **question: str
) -> pb.ServerReflectionResponse:
    call = host.channel.stream_stream(
        f'/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo',
        request_serializer=pb.ServerReflectionRequest.SerializeToString,
        response_deserializer=pb.ServerReflectionResponse.FromString,
    )
    return next(call(iter([pb.ServerReflectionRequest(**question)]), metadata=metadata, timeout=20))


@pytest.mark.parametrize('version', VERSIONS)
def test_every_service_is_listed(host: Host, version: str) -> None:
    listed = ask(host, version, list_services='*').list_services_response.service
    assert {one.name for one in listed} == {
        'tempera.v1.Sandbox',
        'grpc.health.v1.Health',
        'grpc.reflection.v1.ServerReflection',
    }


def test_what_is_told_is_enough_to_call_every_method(host: Host) -> None:
    pool = descriptor_pool.DescriptorPool()
    files = ask(
        host, file_containing_symbol='tempera.v1.Sandbox.Ping'
    ).file_descriptor_response.file_descriptor_proto
    for data in reversed(files):
        pool.Add(descriptor_pb2.FileDescriptorProto.FromString(data))
    service = pool.FindServiceByName('tempera.v1.Sandbox')
    assert [method.name for method in service.methods] == [
        method.name for method in sandbox_pb2.DESCRIPTOR.services_by_name['Sandbox'].methods
    ]
    ping = service.methods_by_name['Ping']
    request, response = (
        message_factory.GetMessageClass(kind) for kind in (ping.input_type, ping.output_type)
    )
    call = host.channel.unary_unary(
        '/tempera.v1.Sandbox/Ping', request.SerializeToString, response.FromString
    )
    assert call(request(), metadata=METADATA, timeout=20).host_id == host.line['host_id']


def test_files_come_by_name_too_and_what_is_not_there_is_said(host: Host) -> None:
    by_name = ask(
        host, file_by_filename='tempera/v1/sandbox.proto'
    ).file_descriptor_response.file_descriptor_proto
    assert descriptor_pb2.FileDescriptorProto.FromString(by_name[0]).package == 'tempera.v1'
    for symbol in ('tempera.v1.Nothing', 'tempera.v1.Nothing.AtAll', 'nothing'):
        assert ask(host, file_containing_symbol=symbol).error_response.error_code == 5
    extensions = ask(host, all_extension_numbers_of_type='tempera.v1.Limits').all_extension_numbers_response
    assert (extensions.base_type_name, list(extensions.extension_number)) == ('tempera.v1.Limits', [])


@pytest.mark.parametrize('version', VERSIONS)
def test_it_asks_for_the_token(host: Host, version: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        ask(host, version, metadata=(), list_services='*')
    assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED
