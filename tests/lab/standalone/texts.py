"""Configurations of two devices that are each other's peer, as the devices print them.

IOS and FORTIOS stand in the place of SCREENOS.
"""

ASA = """\
: Saved
ASA Version 9.8(4)
hostname hq
enable password 8Ry2YjIyt7RRXU24 encrypted
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 198.51.100.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.0.1 255.255.255.0
access-list VPN extended permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0
crypto ipsec ikev1 transform-set AES esp-aes-256 esp-sha-hmac
crypto map outside_map 1 match address VPN
crypto map outside_map 1 set peer 203.0.113.1
crypto map outside_map 1 set ikev1 transform-set AES
crypto map outside_map 1 set reverse-route
crypto map outside_map interface outside
crypto ikev1 enable outside
crypto ikev1 policy 10
 authentication pre-share
 encryption aes-256
 hash sha
 group 2
 lifetime 86400
tunnel-group 203.0.113.1 type ipsec-l2l
tunnel-group 203.0.113.1 ipsec-attributes
 ikev1 pre-shared-key *****
"""

SCREENOS = """\
set hostname branch
set clock timezone 0
set zone "Untrust" screen land
set interface "ethernet0/0" zone "Untrust"
set interface ethernet0/0 ip 203.0.113.1/24
set interface "bgroup0" zone "Trust"
set interface bgroup0 ip 10.2.0.1/24
set address "Trust" "branch-net" 10.2.0.0 255.255.255.0
set address "Untrust" "hq-net" 10.1.0.0 255.255.255.0
set ike p1-proposal "ours" preshare group2 esp aes256 sha-1 second 86400
set ike p2-proposal "ours" no-pfs esp aes256 sha-1 second 3600
set ike gateway "to-hq" address 198.51.100.1 Main outgoing-interface "ethernet0/0" \
preshare "correct horse" proposal "ours"
set vpn "hq" gateway "to-hq" no-replay tunnel idletime 0 proposal "ours"
set policy id 1 from "Trust" to "Untrust" "branch-net" "hq-net" "ANY" tunnel vpn "hq"
set policy id 2 from "Untrust" to "Trust" "hq-net" "branch-net" "ANY" tunnel vpn "hq"
"""
IOS = """\
version 15.7
hostname branch
crypto isakmp policy 1
 encr aes 256
 authentication pre-share
 group 2
crypto isakmp key correct_horse address 198.51.100.1
crypto ipsec transform-set TS esp-aes 256 esp-sha-hmac
 mode tunnel
crypto map CMAP 10 ipsec-isakmp
 set peer 198.51.100.1
 set transform-set TS
 match address VPN-HQ
interface GigabitEthernet0/0
 ip address 203.0.113.1 255.255.255.252
 crypto map CMAP
interface GigabitEthernet0/1
 ip address 10.2.0.1 255.255.255.0
ip access-list extended VPN-HQ
 permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.0.255
"""

FORTIOS = """\
config system global
    set hostname "branch"
end
config system interface
    edit "wan1"
        set ip 203.0.113.1 255.255.255.248
    next
    edit "internal"
        set ip 10.2.0.1 255.255.255.0
    next
end
config vpn ipsec phase1-interface
    edit "to-hq"
        set interface "wan1"
        set proposal aes256-sha1
        set dhgrp 14 2
        set remote-gw 198.51.100.1
        set psksecret ENC J1VxCDFhbGxmb28iYmFyYmF6cXV4
    next
end
config vpn ipsec phase2-interface
    edit "to-hq"
        set phase1name "to-hq"
        set proposal aes256-sha1
        set pfs disable
        set src-subnet 10.2.0.0 255.255.255.0
        set dst-subnet 10.1.0.0 255.255.255.0
    next
end
config router static
    edit 1
        set dst 10.1.0.0 255.255.255.0
        set device "to-hq"
    next
end
"""

OURS = """\
gateways:
  hq: {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24}
  branch: {outside: 203.0.113.1, inside: 10.2.0.0/24}
tunnels:
  - between: [hq, branch]
    phase1: {encryption: aes-256, hash: sha1, group: 2}
    phase2: {encryption: aes-256, integrity: sha1}
"""
