"""The skeleton of a real `debug ike detail`, in its order; `#` stands for what differs.

The peers are 1.1.1.1 (the box) and 2.2.2.2; the proposal is PRESHR/grp2/3DES/SHA with PFS, the
peer announces an initial contact. Lengths are those of the real transcript where the real peer's
vendor IDs and proxy IDs do not enter.
"""

import re

MAIN_1 = """\
IKE<2.2.2.2> ****** Recv kernel msg IDX-#, TYPE-5 ******
IKE<2.2.2.2> ****** Recv kernel msg IDX-#, TYPE-5 ******
IKE<2.2.2.2> sa orig index<#>, peer_id<#>.
IKE<2.2.2.2> isadb get entry by peer/local ip and port
IKE<2.2.2.2> create sa: 1.1.1.1->2.2.2.2
getProfileFromP1Proposal->
find profile[0]=<00000005 00000002 00000001 00000002> for p1 proposal (id 5), xauth(0)
init p1sa, pidt = 0x0
change peer identity for p1 sa, pidt = 0x0
IKE<0.0.0.0        > create peer identity 0#
peer identity # created.
IKE<0.0.0.0        > EDIPI disabled
IKE<2.2.2.2> Phase 1: Initiated negotiation in main mode. <1.1.1.1 => 2.2.2.2>
IKE<2.2.2.2> Construct ISAKMP header.
IKE<2.2.2.2> Msg header built (next payload #1)
IKE<2.2.2.2> Construct [SA] for ISAKMP
IKE<2.2.2.2> auth(1)
IKE<2.2.2.2> xauth attribute: disabled
IKE<2.2.2.2> lifetime/lifesize (28800/0)
IKE<2.2.2.2> Construct NetScreen [VID]
IKE<2.2.2.2> Construct custom [VID]
IKE<2.2.2.2> Construct custom [VID]
IKE<2.2.2.2        > Xmit : [SA] [VID] [VID] [VID]
IKE<2.2.2.2> Initiator sending IPv4 IP 2.2.2.2/port 500
IKE<2.2.2.2> Send Phase 1 packet (len=156)
IKE<2.2.2.2> Phase 2 task added
"""

MAIN_2 = """\
IKE<2.2.2.2> ike packet, len #, action 0
IKE<2.2.2.2> Catcher: received # bytes from socket.
IKE<2.2.2.2> ****** Recv packet if <ethernet0/0> of vsys <Root> ******
IKE<2.2.2.2> Catcher: get # bytes. src port 500
IKE<0.0.0.0        > ISAKMP msg: len #, nxp 1[SA], exch 2[MM], flag 00
IKE<2.2.2.2        > Recv : [SA] [VID] #
IKE<0.0.0.0        > extract payload (#):
IKE<2.2.2.2> MM in state OAK_MM_NO_STATE.
IKE<2.2.2.2> Process [VID]:
IKE<2.2.2.2        > Vendor ID:
af ca d7 13 68 a1 f1 c9 6b 86 96 fc 77 57 01 00
IKE<2.2.2.2> Process [SA]:
IKE<2.2.2.2> Proposal received: xauthflag b4
IKE<2.2.2.2> auth(1)
IKE<2.2.2.2> xauth attribute: disabled
IKE<2.2.2.2> Phase 1 proposal [0] selected.
IKE<2.2.2.2> SA Life Type = seconds
IKE<2.2.2.2> SA lifetime (TV) = 28800
IKE<0.0.0.0        > dh group 2
IKE<2.2.2.2> DH_BG_consume OK. p1 resp
IKE<2.2.2.2> Phase 1 MM Initiator constructing 3rd message.
IKE<2.2.2.2> Construct ISAKMP header.
IKE<2.2.2.2> Msg header built (next payload #4)
IKE<2.2.2.2> Construct [KE] for ISAKMP
IKE<2.2.2.2> Construct [NONCE]
IKE<2.2.2.2        > Xmit : [KE] [NONCE]
IKE<2.2.2.2> Initiator sending IPv4 IP 2.2.2.2/port 500
IKE<2.2.2.2> Send Phase 1 packet (len=184)
IKE<2.2.2.2> IKE msg done: PKI state<0> IKE state<1/0007>
"""

MAIN_4 = """\
IKE<2.2.2.2> ike packet, len 212, action 0
IKE<2.2.2.2> Catcher: received 184 bytes from socket.
IKE<2.2.2.2> ****** Recv packet if <ethernet0/0> of vsys <Root> ******
IKE<2.2.2.2> Catcher: get 184 bytes. src port 500
IKE<0.0.0.0        > ISAKMP msg: len 184, nxp 4[KE], exch 2[MM], flag 00
IKE<2.2.2.2        > Recv : [KE] [NONCE]
IKE<0.0.0.0        > extract payload (156):
IKE<2.2.2.2> MM in state OAK_MM_SA_SETUP.
IKE<2.2.2.2> Process [KE]:
IKE<2.2.2.2> processing ISA_KE in phase 1.
IKE<2.2.2.2> Process [NONCE]:
IKE<2.2.2.2> processing NONCE in phase 1.
IKE<2.2.2.2> IKE msg done: PKI state<0> IKE state<1/a00000f>
IKE<0.0.0.0        > finished job pkaidx <0> dh_len<128> dmax<64>
IKE<2.2.2.2> gen_skeyid()
IKE<2.2.2.2> MM
IKE<2.2.2.2> re-enter MM after offline DH done
IKE<2.2.2.2> Phase 1 MM Initiator constructing 5th message.
IKE<2.2.2.2> Construct ISAKMP header.
IKE<2.2.2.2> Msg header built (next payload #5)
IKE<2.2.2.2> Construct [ID] for ISAKMP
IKE<2.2.2.2> Use IPv4 address 1.1.1.1 as IKE p1 ID.
IKE<2.2.2.2> Construct [HASH]
IKE<2.2.2.2> Use IPv4 address 1.1.1.1 as IKE p1 ID.
IKE<2.2.2.2> ID, len=8, type=1, pro=17, port=500,
IKE<2.2.2.2> addr=1.1.1.1
IKE<2.2.2.2> throw packet to the peer, paket_len=64
IKE<2.2.2.2        > Xmit*: [ID] [HASH]
IKE<2.2.2.2> Encrypt P1 payload (len 64)
IKE<2.2.2.2> Initiator sending IPv4 IP 2.2.2.2/port 500
IKE<2.2.2.2> Send Phase 1 packet (len=68)
"""

MAIN_6 = """\
IKE<2.2.2.2> ike packet, len 120, action 0
IKE<2.2.2.2> Catcher: received 92 bytes from socket.
IKE<2.2.2.2> ****** Recv packet if <ethernet0/0> of vsys <Root> ******
IKE<2.2.2.2> Catcher: get 92 bytes. src port 500
IKE<0.0.0.0        > ISAKMP msg: len 92, nxp 5[ID], exch 2[MM], flag 01   E
IKE<2.2.2.2> Decrypting payload (length 64)
IKE<2.2.2.2        > Recv*: [ID] [HASH] [NOTIF]
IKE<0.0.0.0        > extract payload (64):
IKE<2.2.2.2> MM in state OAK_MM_KEY_EXCH.
IKE<2.2.2.2> Process [ID]:
IKE<2.2.2.2> ID received: type=ID_IPV4_ADDR, ip = 2.2.2.2, port=#, protocol=#
IKE<2.2.2.2> ID processed. return 0. sa->p1_state = 2.
IKE<2.2.2.2> Process [HASH]:
IKE<2.2.2.2> ID, len=8, type=1, pro=#, port=#,
IKE<2.2.2.2> addr=2.2.2.2
IKE<2.2.2.2> Process [NOTIF]:
IKE<2.2.2.2> Received notify message for DOI <1> <24578> <INITIAL-CONTACT>.
IKE<2.2.2.2> Received initial contact notification and removed Phase 2 SAs.
clear phase 2 sa of peer #.
IKE<2.2.2.2> deactive p2 sa # send_delete 0
IKE<2.2.2.2> process notify exit with <0>.
IKE<2.2.2.2> completing Phase 1
IKE<2.2.2.2> sa_pidt = #
IKE<2.2.2.2> found existing peer identity #
IKE<2.2.2.2> peer_identity_unregister_p1_sa.
IKE<0.0.0.0        > delete peer identity 0x#
IKE<2.2.2.2> peer_idt.c peer_identity_unregister_p1_sa 509: pidt deleted.
IKE<2.2.2.2> Phase 1: Completed Main mode negotiation with a <28800>-second lifetime#
"""

QUICK_1 = """\
IKE<2.2.2.2> Phase 2: Initiated Quick Mode negotiation.
IKE<2.2.2.2> Phase-2: start quick mode negotiation
IKE<2.2.2.2> Phase-2: no tunnel interface binding for Modecfg IPv4 address.
IKE<2.2.2.2> Create conn entry...
IKE<2.2.2.2> ...done(new #)
IKE<2.2.2.2> Initiator not set commit bit on 1st QM.
IKE<0.0.0.0        > dh group 2
IKE<2.2.2.2> DH_BG_consume OK. p2 init
IKE<0.0.0.0        > add sa list for msg id <#>
IKE<2.2.2.2> 0,0/0(0)/spi(#)/keylen(0)
IKE<2.2.2.2> Construct ISAKMP header.
IKE<2.2.2.2> Msg header built (next payload #8)
IKE<2.2.2.2> Construct [HASH]
IKE<2.2.2.2> Construct [SA] for IPSEC
IKE<2.2.2.2> Set IPSEC SA attrs: lifetime(3600/0)
IKE<2.2.2.2> atts<00000003 00000000 00000003 00000002 00000001 00000002>
IKE<2.2.2.2> proto(3)
IKE<2.2.2.2> Before NAT-T attr unmap: private tunnel = 1.
IKE<2.2.2.2> After NAT-T attr unmap: private tunnel = 1.
IKE<2.2.2.2> Policy have separate SA. Use P2 ID from policy sa (#).
IKE<192.168.124.4> IP<192.168.124.4> mask<255.255.255.255> prot<1> port<0>
IKE<2.2.2.2> Initiator P2 ID built:
IKE<192.168.133.0> IP<192.168.133.0> mask<255.255.255.0> prot<1> port<0>
IKE<2.2.2.2> Responder P2 ID built:
IKE<2.2.2.2> Construct [NONCE] for IPSec
IKE<2.2.2.2> Construct [KE] for PFS
IKE<2.2.2.2> Construct [ID] for Phase 2
id payload constructed. type(1),ip(047ca8c0),mask(ffffffff), prot(1), port(0)
IKE<2.2.2.2> Construct [ID] for Phase 2
id payload constructed. type(4),ip(0085a8c0),mask(00ffffff), prot(1), port(0)
IKE<2.2.2.2> construct QM HASH
IKE<2.2.2.2        > Xmit*: [HASH] [SA] [NONCE] [KE] [ID] [ID]
IKE<2.2.2.2> Encrypt P2 payload (len #)
IKE<2.2.2.2> Initiator sending IPv4 IP 2.2.2.2/port 500
IKE<2.2.2.2> Send Phase 2 packet (len=#)
IKE<0.0.0.0        > proc_other_session_notify->
IKE<0.0.0.0        > process Notify Payload: doi(1), msg(24578), txt#
IKE<2.2.2.2> Received initial contact notification and removed Phase 1 SAs.
IKE<2.2.2.2> IKE msg done: PKI state<0> IKE state<3/102f>
"""

REFUSED = """\
IKE<2.2.2.2> ike packet, len #, action 0
IKE<2.2.2.2> Catcher: received # bytes from socket.
IKE<2.2.2.2> ****** Recv packet if <ethernet0/0> of vsys <Root> ******
IKE<2.2.2.2> Catcher: get # bytes. src port 500
IKE<0.0.0.0        > ISAKMP msg: len #, nxp 8[HASH], exch 5[INFO], flag 01   E
IKE<2.2.2.2> Create conn entry...
IKE<2.2.2.2> ...done(new #)
IKE<2.2.2.2> Decrypting payload (length #)
IKE<2.2.2.2        > Recv*: [HASH] [NOTIF]
IKE<2.2.2.2> Process [NOTIF]:
IKE<2.2.2.2> Received notify message for DOI <1> <18> <INVALID-ID-INFORMATION>.
IKE<2.2.2.2> process notify exit with <0>.
IKE<2.2.2.2> Delete conn entry...
IKE<2.2.2.2> ...found conn entry(#)
"""

COMPLETED = """\
IKE<1.1.1.1> IKE: Matching policy: gw ip <1.1.1.1> peer entry id<1>
IKE<0.0.0.0        > protocol matched expected<0>.
IKE<0.0.0.0        > port matched expect<0>.
ipvx = IPV4
rcv_local_addr = #, rcv_local_mask = #, p_rcv_local_real = #
rcv_remote_addr = #, rcv_remote_mask = #, p_rcv_remote_real = #
ike_p2_id->local_ip = #, cfg_local_mask = #, p_cfg_local_real = #
ike_p2_id->remote_ip = #, cfg_remote_mask = #, p_cfg_remote_real = #
IKE<1.1.1.1> Proxy ID match: Located matching Phase 2 SA <#>.
IKE<1.1.1.1> sa ID for phase 2 sa is <#>. IP version is 4.
IKE<0.0.0.0        > life (sec or kb): lcl 3600, peer 28800, set 3600.
IKE<0.0.0.0        > life (sec or kb): lcl 0, peer 0, set 0.
IKE<1.1.1.1> gen_qm_key()
IKE<1.1.1.1> load_sa_keys(): enter.
IKE<1.1.1.1> gen_qm_key()
IKE<1.1.1.1> load_sa_keys(): enter.
IKE<1.1.1.1> ikmpd.c 3668. sa ID for phase 2 sa is <#>. IP version is 4.
IKE<1.1.1.1> clean_all_sa_state_node_from_list->
IKE<1.1.1.1> no relocate earlier SA-state, not active.
IKE<1.1.1.1> key_modify: sa index <#> bk_idx <#>.
IKE<0.0.0.0        > insert_sa_state_to_spi_hash spi<#>, sa_index<#>, Incoming
IKE<0.0.0.0        > insert_sa_state_to_spi_hash spi<#>, sa_index<#>, Outgoing
IKE<1.1.1.1> crypto_ctx 22, 8, 24, 8, 0, 0, 16, 0, 12, 48
IKE<1.1.1.1> modify esp tunnel: src (peer) ipv4 <1.1.1.1>
IKE<1.1.1.1> modifying esp tunnel: self #
IKE<1.1.1.1> update auto NHTB status
IKE<1.1.1.1> Phase 2 msg-id <#>: Completed Quick Mode negotiation with SPI <#>, tunnel ID <#>, #
IKE<1.1.1.1> Application sa installed.
IKE<1.1.1.1> oakley_process_quick_mode():exit
IKE<1.1.1.1> IKE msg done: PKI state<0> IKE state<3/102f>
"""


def missing(skeleton: str, lines: list[str]) -> list[str]:
    """Give the lines of a skeleton that are not found in their order, each behind the last one."""
    rest, absent = iter(lines), []
    for wanted in skeleton.splitlines():
        pattern = re.compile(
            re.escape(wanted).replace(r"payload\ \#", r"payload\ \x23").replace(r"\#", ".*")
        )
        if not any(pattern.fullmatch(line) for line in rest):
            absent.append(wanted)
            rest = iter(lines)
    return absent


def unexpected(skeleton: str, lines: list[str]) -> list[str]:
    """Give the lines between the first and the last of a skeleton that are not in it."""
    patterns = [
        re.compile(re.escape(wanted).replace(r"payload\ \#", r"payload\ \x23").replace(r"\#", ".*"))
        for wanted in skeleton.splitlines()
    ]
    places = [n for n, line in enumerate(lines) if patterns[0].fullmatch(line)]
    end = next(n for n, line in enumerate(lines) if n > places[-1] and patterns[-1].fullmatch(line))
    between = lines[places[-1] : end]
    return [line for line in between if not any(p.fullmatch(line) for p in patterns)]
